import { expect, test } from './fixtures';
import { Observer } from './observer';
import { composerOf, linesOf, logOf, unique } from './people';

test('history loads upward without a jump, to the first message', async ({ strangers, server }) => {
  const mark = unique('history');
  const observer = await Observer.join(server.url);
  // One at a time at both ends, so that they are surely the first and the last.
  await observer.post([`${mark} first`]);
  await observer.post(Array.from({ length: 178 }, (_, index) => `${mark} ${index + 2}.`));
  await observer.post([`${mark} last`]);
  await observer.leave();

  const [ada] = await strangers(1);
  await expect(linesOf(ada, `${mark} last`)).toBeInViewport();

  /** Scrolls up until older lines arrive. Returns how far a visible line moved by itself. */
  const scrollUp = () =>
    logOf(ada).evaluate(async (log) => {
      const scroller = log.closest('.scroller') ?? log;
      const first = () => log.querySelector('[role=article]');
      const before = first()?.getAttribute('aria-label');
      scroller.scrollTop = 0;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const anchor = [...log.querySelectorAll('[role=article]')].find((line) => line.getBoundingClientRect().top > 80);
      // The text itself: the author's name above it goes when older lines of the same author arrive.
      const bottom = anchor?.getBoundingClientRect().bottom ?? 0;
      const end = Date.now() + 5_000;
      while (first()?.getAttribute('aria-label') === before && Date.now() < end)
        await new Promise((resolve) => setTimeout(resolve, 20));
      // Until nothing moves between two frames.
      for (let height = -1, top = -1; height !== scroller.scrollHeight || top !== scroller.scrollTop;) {
        [height, top] = [scroller.scrollHeight, scroller.scrollTop];
        for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      return anchor?.isConnected ? Math.abs(anchor.getBoundingClientRect().bottom - bottom) : 0;
    });

  for (let page = 0; page < 12 && (await linesOf(ada, `${mark} first`).count()) === 0; page++)
    expect(await scrollUp(), 'what is in sight stays where it is').toBeLessThanOrEqual(2);
  await expect(linesOf(ada, `${mark} first`)).toHaveCount(1);
  await ada.getByRole('button', { name: /^Go to the latest message/ }).click();
  await expect(linesOf(ada, `${mark} last`)).toBeInViewport();
});

test('someone who reads above is not pulled down, and is told of what is new', async ({ strangers, server }) => {
  const observer = await Observer.join(server.url);
  await observer.post(Array.from({ length: 60 }, (_, index) => unique(`above ${index}`)));
  const [ada] = await strangers(1);
  await expect(composerOf(ada)).toBeEditable();
  await logOf(ada).evaluate((log) => ((log.closest('.scroller') ?? log).scrollTop = 200));
  const text = unique('below');
  await expect(ada.getByRole('button', { name: /^Go to the latest message/ })).toBeVisible();
  await observer.post([text]);
  await observer.leave();
  const jump = ada.getByRole('button', { name: /^Go to the latest message, \d+ new/ });
  await expect(jump).toBeVisible();
  await jump.click();
  await expect(linesOf(ada, text)).toBeInViewport();
});
