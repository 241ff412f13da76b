import { ConfigurationError, type Env, loadEnv, loadLimits } from '@cloudhop/api/platform/configuration';

/** Ends the process with one sentence if `error` is a setting that must be corrected. */
export function fail(error: unknown): never {
  const isExpected = error instanceof ConfigurationError;
  process.stderr.write(
    `cloudhop: ${isExpected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(isExpected ? error.exitCode : 1);
}

/** Reads the environment and applies LIMITS_FILE. */
function configure(): { env: Env; overridden: readonly string[] } {
  try {
    const env = loadEnv();
    return { env, overridden: loadLimits(env.LIMITS_FILE) };
  } catch (error) {
    return fail(error);
  }
}

/** The environment, and the names of the limits that LIMITS_FILE overrides. Applied when this module is loaded. */
export const { env, overridden } = configure();
