/**
 * Configuration without any code that reads it. Schemas take their bounds when they are loaded, so the first import of a
 * program applies LIMITS_FILE, and imports this entry only.
 */
export { ConfigurationError, checkTogether } from './configuration-error';
export { type Env, loadEnv, readEnv } from './env';
export { loadLimits } from './limits';
export { givenSecrets } from './secrets';
