import { isDevMode } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { browserClientOptions, createClient } from '@cloudhop/sdk';
import { App } from './app/app';
import { appConfig } from './app/app.config';
import { applyPageLimits } from './app/page-limits';

// Before the client and the application read any.
applyPageLimits(document);
// The connection is made while the application draws itself.
const client = createClient(browserClientOptions());
void client.start();
// Where the client stands: in development, and in browsers that a program drives.
if (isDevMode() || navigator.webdriver) Object.defineProperty(window, '__cloudhop__', { get: () => client.inspect() });
void bootstrapApplication(App, appConfig(client));
