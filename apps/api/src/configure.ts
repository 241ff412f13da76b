import {
  ConfigurationError,
  type Env,
  checkTogether,
  givenSecrets,
  loadLimits,
  readEnv,
} from '@cloudhop/api/platform/configuration';

/** Ends the process. A setting that must be corrected is a sentence, or a list of them; anything else has its stack. */
export function fail(error: unknown): never {
  const isExpected = error instanceof ConfigurationError;
  process.stderr.write(
    `cloudhop: ${isExpected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
}

/** Reads the environment and LIMITS_FILE, and applies the limits. Reports all that is wrong with them and the secrets at once. */
function configure(): { env: Env; overridden: readonly string[] } {
  try {
    const { env, problems } = readEnv();
    const { overridden } = checkTogether({
      environment: () => {
        if (problems.length > 0) throw new ConfigurationError(problems);
      },
      database: () => {
        const isWrong = problems.some((problem) => problem.startsWith('DATABASE_URL '));
        if (env.DATABASE_URL === undefined && !isWrong) throw new ConfigurationError('Set DATABASE_URL.');
      },
      secrets: () => givenSecrets(env),
      overridden: () => loadLimits(env.LIMITS_FILE),
    });
    return { env, overridden };
  } catch (error) {
    return fail(error);
  }
}

/** The environment, and the names of the limits that LIMITS_FILE overrides. Applied when this module is loaded. */
export const { env, overridden } = configure();
