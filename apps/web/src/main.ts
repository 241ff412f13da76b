import { bootstrapApplication } from '@angular/platform-browser';
import { browserClientOptions, createClient } from '@cloudhop/sdk';
import { App } from './app/app';
import { appConfig } from './app/app.config';

// The connection is made while the application draws itself.
const client = createClient(browserClientOptions());
void client.start();
void bootstrapApplication(App, appConfig(client));
