/** Settings that keep the process from starting: a sentence for each, which says what to do. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[], options: { cause?: unknown } = {}) {
    const list = typeof problems === 'string' ? [problems] : problems;
    super(list.length === 1 ? list[0] : [`${list.length} settings are wrong:`, ...list].join('\n  - '), options);
    this.name = 'ConfigurationError';
    this.problems = list;
  }
}

/**
 * Runs the checks and returns their results. If some throw a ConfigurationError, throws one with the problems of all of
 * them; any other error is thrown at once.
 */
export function checkTogether<T extends Record<string, () => unknown>>(
  checks: T,
): { [name in keyof T]: ReturnType<T[name]> } {
  const results: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, check] of Object.entries(checks)) {
    try {
      results[name] = check();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return results as { [name in keyof T]: ReturnType<T[name]> };
}
