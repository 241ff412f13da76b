import type { ErrorBody, SearchHit, SearchPage } from '@cloudhop/contracts';
import { jest } from '@jest/globals';
import { DebouncedSearch, debounceMs, type SearchQuery } from './debounced-search';

const hit = (id: string) => ({ message: { id }, excerpt: { text: id, marks: [] } }) as unknown as SearchHit;
const page = (ids: string[], nextCursor?: string): SearchPage => ({
  items: ids.map(hit),
  users: [],
  ...(nextCursor !== undefined && { nextCursor }),
});
const refused: ErrorBody = { code: 'invalid', message: 'no', fields: { q: 'no' } };

function aRun() {
  const asked: {
    ask: SearchQuery;
    cursor: string | undefined;
    answer: (page: SearchPage) => void;
    fail: () => void;
  }[] = [];
  const run = new DebouncedSearch({
    ask: (ask, cursor) =>
      new Promise((answer, reject) => asked.push({ ask, cursor, answer, fail: () => reject(new Error('refused')) })),
    errorOf: () => refused,
  });
  return { run, asked, ids: () => run.hits().map(({ message }) => message.id) };
}
const settled = () => jest.advanceTimersByTimeAsync(0);

describe('DebouncedSearch', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('waits until nothing more is typed, and asks once', async () => {
    const { run, asked, ids } = aRun();
    for (const q of ['s', 'sh', 'sha']) run.schedule({ q });
    expect(run.phase()).toBe('asking');
    await jest.advanceTimersByTimeAsync(debounceMs - 1);
    expect(asked).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(asked.map(({ ask }) => ask.q)).toEqual(['sha']);
    asked[0]!.answer(page(['a']));
    await settled();
    expect([run.phase(), ids()]).toEqual(['found', ['a']]);
  });

  it('counts only the last answer, however late the others come', async () => {
    const { run, asked, ids } = aRun();
    run.search({ q: 'first' });
    run.search({ q: 'second' });
    asked[1]!.answer(page(['new']));
    await settled();
    asked[0]!.answer(page(['old']));
    await settled();
    expect(ids()).toEqual(['new']);
  });

  it('keeps what was found until there is something newer, and drops it with the last word', async () => {
    const { run, asked, ids } = aRun();
    run.search({ q: 'a' });
    asked[0]!.answer(page(['a'], 'more'));
    await settled();
    run.schedule({ q: 'ab' });
    expect([run.phase(), ids()]).toEqual(['asking', ['a']]);
    run.schedule({ q: '' });
    expect([run.phase(), ids(), run.hasMore()]).toEqual(['idle', [], false]);
    await jest.advanceTimersByTimeAsync(debounceMs);
    expect(asked).toHaveLength(1);
  });

  it('asks anew where the place is another, and not where nothing is', async () => {
    const { run, asked } = aRun();
    run.search({ q: 'a' });
    asked[0]!.answer(page([]));
    await settled();
    run.search({ q: 'a' });
    run.schedule({ q: 'a' });
    expect(asked).toHaveLength(1);
    run.search({ q: 'a', conversationId: 'here' });
    expect(asked[1]!.ask).toEqual({ q: 'a', conversationId: 'here' });
  });

  it('adds further pages, each message once', async () => {
    const { run, asked, ids } = aRun();
    run.search({ q: 'a' });
    asked[0]!.answer(page(['3', '2'], 'c2'));
    await settled();
    void run.loadMore();
    void run.loadMore();
    expect(asked[1]!.cursor).toBe('c2');
    asked[1]!.answer(page(['2', '1']));
    await settled();
    expect([ids(), run.hasMore(), asked.length]).toEqual([['3', '2', '1'], false, 2]);
  });

  it('lets a new search take the place of a page that is on its way', async () => {
    const { run, asked, ids } = aRun();
    run.search({ q: 'a' });
    asked[0]!.answer(page(['1'], 'c'));
    await settled();
    void run.loadMore();
    run.search({ q: 'b' });
    asked[2]!.answer(page(['b']));
    asked[1]!.answer(page(['0']));
    await settled();
    expect([ids(), run.isLoadingMore()]).toEqual([['b'], false]);
  });

  it('says why it failed, and tries again when asked', async () => {
    const { run, asked, ids } = aRun();
    run.search({ q: 'has:hat' });
    asked[0]!.fail();
    await settled();
    expect([run.phase(), run.error()?.code]).toEqual(['failed', 'invalid']);
    run.retry();
    asked[1]!.answer(page(['a']));
    await settled();
    expect([run.phase(), run.error(), ids()]).toEqual(['found', undefined, ['a']]);
  });

  it('keeps what is there when a further page does not come', async () => {
    const { run, asked, ids } = aRun();
    run.search({ q: 'a' });
    asked[0]!.answer(page(['1'], 'c'));
    await settled();
    void run.loadMore();
    asked[1]!.fail();
    await settled();
    expect([run.phase(), run.error()?.code, ids(), run.hasMore()]).toEqual(['found', 'invalid', ['1'], true]);
  });
});
