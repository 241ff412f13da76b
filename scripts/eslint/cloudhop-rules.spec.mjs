import { RuleTester } from 'eslint';
import { describe, it } from 'node:test';
import ts from 'typescript-eslint';
import cloudhop from './cloudhop-rules.mjs';

RuleTester.describe = describe;
RuleTester.it = it;
RuleTester.itOnly = it.only;

const tester = new RuleTester({ languageOptions: { parser: ts.parser } });

/** One error of the rule, with the words it must name. */
const error = (messageId, data) => ({ messageId, ...(data ? { data } : {}) });

tester.run('file-name', cloudhop.rules['file-name'], {
  valid: [{ code: 'export {};', filename: 'libs/sdk/src/outbox.ts' }],
  invalid: [
    { code: 'export {};', filename: 'libs/sdk/src/utils.ts', errors: [error('vague', { word: 'utils' })] },
    { code: 'export {};', filename: 'libs/shared/src/outbox.ts', errors: [error('vague', { word: 'shared' })] },
  ],
});

tester.run('said-reason', cloudhop.rules['said-reason'], {
  valid: ['// @ts-expect-error -- the test passes a wrong type\nlet a;', '// said about @ts-ignore\nlet a;'],
  invalid: [{ code: '// @ts-ignore\nlet a;', errors: [error('reason')] }],
});

tester.run('doc-comment-start', cloudhop.rules['doc-comment-start'], {
  valid: [
    '/** Returns what the server said. */\nlet a;',
    '/** Whoever is banned hears nothing. */\nlet a;',
    '/** Somehow. */\nlet a;',
    '// What follows is no doc comment.\nlet a;',
    '/* How: no doc comment either. */\nlet a;',
    '/**\n * Queue of frames.\n * What a caller must know.\n */\nlet a;',
  ],
  invalid: [
    ...['What', 'Who', 'Whom', 'Whose', 'Whether', 'How', 'That', 'Where'].map((word) => ({
      code: `/** ${word} it is. */\nlet a;`,
      errors: [error('clause', { word })],
    })),
    { code: "/** What's left. */\nlet a;", errors: [error('clause', { word: 'What' })] },
    { code: '/**\n * How long it takes.\n */\nlet a;', errors: [error('clause', { word: 'How' })] },
    { code: 'class A {\n  /** Whether it is on. */\n  a = 1;\n}', errors: [error('clause', { word: 'Whether' })] },
  ],
});

tester.run('current-terms', cloudhop.rules['current-terms'], {
  valid: [
    'const trouble = moment + company;',
    'const lastMoment = 1; class TroubleMaker {}',
    "const text = 'Wish';",
    '// Trouble with a moment, a company, or somebody who talks.\nlet a;',
  ],
  invalid: [
    { code: 'class Fabric {}', errors: [error('former', { name: 'Fabric', term: 'NodeBus' })] },
    { code: "import { Wish } from './a';", errors: [error('former')] },
    { code: 'let a: Moment;', errors: [error('former')] },
    { code: 'bus.whisper(1);', errors: [error('former')] },
    { code: 'class A { #heardAt = 0; }', errors: [error('former')] },
    { code: '// Told to the NoticeBoard.\nlet a;', errors: [error('former')] },
  ],
});
