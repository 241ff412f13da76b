import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Former names of concepts, each with the term that replaces it in identifiers. */
const formerNames = new Map([
  ['Company', 'ConnectedPeers'],
  ['Departures', 'DeletedUserCleanup'],
  ['PersonalNews', 'PersonalFeedPublisher'],
  ['ToldRow', 'the row type of the feed'],
  ['Fabric', 'NodeBus'],
  ['whisper', 'publishEphemeral'],
  ['onWhisper', 'subscribeEphemeral'],
  ['EntryNotes', 'OutboxJournal'],
  ['Wish', 'OptimisticPatch'],
  ['Wishes', 'OptimisticPatch'],
  ['stillWished', 'the pending part of an OptimisticPatch'],
  ['Trouble', 'ErrorState'],
  ['Moment', 'EmptyState'],
  ['Talks', 'SwitcherItem'],
  ['OpenPlace', 'ActiveConversation'],
  ['NoticeBoard', 'InAppNotifications'],
  ['NoticeChoice', 'NotificationPreference'],
  ['onDoubted', 'onOfflineHint'],
  ['proofBy', 'livenessDeadline'],
  ['heardAt', 'lastReceivedAt'],
  ['isLettingKnow', 'sendsReadReceipts'],
]);

/** Words of `formerNames` that plain English has too: comments may use them. */
const english = new Set(['Company', 'Departures', 'Fabric', 'Wish', 'Wishes', 'Trouble', 'Moment', 'Talks', 'whisper']);

const formerInComments = new RegExp(
  `\\b(${[...formerNames.keys()].filter((name) => !english.has(name)).join('|')})\\b`,
);

/** Doc comments that begin with a relative clause instead of a verb or a noun phrase. */
const relativeClause = /^\*\s*(?:\*\s*)?(What|Who|Whom|Whose|Whether|How|That|Where)\b/;

/** Lint rules of this repository that no plugin has. */
export default {
  rules: {
    'file-name': {
      meta: {
        type: 'suggestion',
        schema: [],
        messages: { vague: '"{{word}}" says nothing: name the file or folder for what it holds.' },
      },
      create: (context) => ({
        Program(node) {
          const words = relative(root, context.filename).split(/[/.-]/);
          const word = words.find((part) => /^(utils?|helpers?|common|misc|shared|stuff)$/i.test(part));
          if (word) context.report({ node, messageId: 'vague', data: { word } });
        },
      }),
    },
    'said-reason': {
      meta: {
        type: 'problem',
        schema: [],
        messages: { reason: 'Say on this line why the rule is switched off: "-- because …".' },
      },
      create: (context) => ({
        Program() {
          for (const comment of context.sourceCode.getAllComments())
            if (
              /^\s*(eslint-disable|@ts-(ignore|expect-error|nocheck))/.test(comment.value) &&
              !/--\s*\S{3}/.test(comment.value)
            )
              context.report({ loc: comment.loc, messageId: 'reason' });
        },
      }),
    },
    'doc-comment-start': {
      meta: {
        type: 'suggestion',
        schema: [],
        messages: {
          clause: 'Begin a doc comment with a verb in the third person or a noun phrase, not with "{{word}}".',
        },
      },
      create: (context) => ({
        Program() {
          for (const comment of context.sourceCode.getAllComments()) {
            const word = comment.type === 'Block' ? relativeClause.exec(comment.value)?.[1] : undefined;
            if (word) context.report({ loc: comment.loc, messageId: 'clause', data: { word } });
          }
        },
      }),
    },
    'current-terms': {
      meta: {
        type: 'suggestion',
        schema: [],
        messages: { former: '"{{name}}" is a former name: use {{term}}.' },
      },
      create: (context) => {
        // A shorthand is two nodes in one place: key and value, or the imported name and the local one.
        let lastReported = -1;
        const check = (node) => {
          const term = formerNames.get(node.name);
          if (!term || node.range[0] === lastReported) return;
          lastReported = node.range[0];
          context.report({ node, messageId: 'former', data: { name: node.name, term } });
        };
        return {
          Identifier: check,
          PrivateIdentifier: check,
          Program() {
            for (const comment of context.sourceCode.getAllComments()) {
              const name = formerInComments.exec(comment.value)?.[1];
              if (name)
                context.report({
                  loc: comment.loc,
                  messageId: 'former',
                  data: { name, term: formerNames.get(name) },
                });
            }
          },
        };
      },
    },
  },
};
