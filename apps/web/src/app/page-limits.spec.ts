import { limits } from '@cloudhop/contracts';
import { applyPageLimits } from './page-limits';

const built = { ...limits };
afterEach(() => {
  Object.assign(limits, built);
  document.head.innerHTML = '';
});

test('the limits that come with the page replace the built ones', () => {
  document.head.innerHTML = `<meta name="cloudhop-limits" content='{"messageGraphemes":9,"titleGraphemes":7}' />`;
  applyPageLimits(document);
  expect(limits).toEqual({ ...built, messageGraphemes: 9, titleGraphemes: 7 });
});

test.each([
  ['none', undefined],
  ['no JSON', '{'],
  ['a list', '[1]'],
  ['nothing', 'null'],
  ['names of another release', '{"futureLimit":1,"toString":2}'],
  ['no numbers', '{"messageGraphemes":"9","titleGraphemes":-1,"friends":null}'],
])('%s: the built limits hold', (_, content) => {
  if (content !== undefined) document.head.innerHTML = `<meta name="cloudhop-limits" content='${content}' />`;
  applyPageLimits(document);
  expect(limits).toEqual(built);
});
