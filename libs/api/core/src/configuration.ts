/**
 * The configuration without anything that reads it. Schemas take their bounds when they are loaded, so a program applies
 * LIMITS_FILE by its first import, which imports this entry alone.
 */
export { ConfigurationError } from './configuration-error';
export { type Env, loadEnv } from './env';
export { loadLimits } from './limits';
