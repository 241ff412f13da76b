// Angular's packages are compiled in part; in tests the rest happens at run time.
import '@angular/compiler';
import { setupZonelessTestEnv } from 'jest-preset-angular/setup-env/zoneless';

setupZonelessTestEnv({ errorOnUnknownElements: true, errorOnUnknownProperties: true });
