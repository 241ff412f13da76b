// Is this a machine that Cloudhop is proven on? Asked first, so this file keeps to what very old versions of Node can
// read, and every script imports the rest only after it.

function fail(sentence) {
  process.stderr.write('cloudhop: ' + sentence + '\n');
  process.exit(1);
}

function checkMachine() {
  const version = process.versions.node;
  const parts = version.split('.').map(Number);
  // 20.12 is the first with util.parseEnv.
  if (parts[0] < 20 || (parts[0] === 20 && parts[1] < 12))
    fail('Node ' + version + ' is too old: install Node 20.12 or newer from https://nodejs.org and run this again.');
  if (process.platform !== 'linux' || process.arch !== 'x64')
    fail(
      'Cloudhop is proven on Linux x64 and this is ' +
        process.platform +
        ' ' +
        process.arch +
        ': use a Linux x64 machine, WSL 2 on Windows, or the image in docker/.',
    );
}

/**
 * Runs a script: checks the machine, then does the work. It ends with the npm that started it. A failure is one sentence and exit code 1.
 * @param {() => Promise<number | void>} work answers the exit code when it is not 0
 */
export function script(work) {
  checkMachine();
  import('./npm-parent.mjs').then(({ endWithNpm }) => endWithNpm());
  work().then(
    (code) => {
      if (code !== undefined) process.exitCode = code;
    },
    (error) =>
      import('./terminal.mjs').then(({ complain }) => {
        complain(error);
        process.exit(1);
      }),
  );
}
