import { isDevMode } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { browserClientOptions, createClient } from '@cloudhop/sdk';
import { App } from './app/app';
import { appConfig } from './app/app.config';
import { applyPageLimits } from './app/page-limits';

// Before the client and the application read any limit.
applyPageLimits(document);
// Connects while the application is still being drawn.
const client = createClient(browserClientOptions());
void client.start();
// State of the client for development, and for browsers driven by a program.
if (isDevMode() || navigator.webdriver) Object.defineProperty(window, '__cloudhop__', { get: () => client.inspect() });
void bootstrapApplication(App, appConfig(client));
