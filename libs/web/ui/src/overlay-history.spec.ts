import { TestBed } from '@angular/core/testing';
import fc from 'fast-check';
import { OverlayHistory } from './overlay-history';
import { OverlayLocation } from './overlay-location';

/** Builds a page of the application at `/…`, as wide as a phone or wider. */
function aPage(isPhone = true) {
  window.matchMedia = () => ({ matches: isPhone }) as MediaQueryList;
  TestBed.resetTestingModule();
  TestBed.configureTestingModule({ providers: [OverlayLocation] });
  const location = TestBed.inject(OverlayLocation);
  const told: string[] = [];
  const stop = location.onPopState(() => told.push(window.location.pathname));
  return { location, overlays: TestBed.inject(OverlayHistory), told, stop };
}

/** Waits until jsdom has navigated and the entries have been updated. */
const still = async () => {
  for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setTimeout(resolve));
};
const back = async () => {
  history.back();
  await still();
};

test('Back closes what is open, the topmost first, and only then leaves', async () => {
  const { location, overlays, told, stop } = aPage();
  const closed: string[] = [];
  location.pushState(null, '', '/list');
  location.pushState(null, '', '/conversation');
  overlays.opened(() => closed.push('sheet'));
  overlays.opened(() => closed.push('menu'));
  await still();
  await back();
  expect(closed).toEqual(['menu']);
  await back();
  expect([closed, told]).toEqual([['menu', 'sheet'], []]);
  expect(window.location.pathname).toBe('/conversation');
  await back();
  expect(told).toEqual(['/list']);
  stop();
});

test('a closed overlay costs no press of Back, also after navigating from it', async () => {
  const { location, overlays, told, stop } = aPage();
  location.pushState(null, '', '/list');
  location.pushState(null, '', '/conversation');
  const close = overlays.opened(() => undefined);
  await still();
  close();
  location.pushState(null, '', '/person');
  await still();
  await back();
  expect(told).toEqual(['/conversation']);
  overlays.opened(() => undefined)();
  await still();
  await back();
  expect(told).toEqual(['/conversation', '/list']);
  stop();
});

test('on a large screen Back is unchanged', async () => {
  const { location, overlays, told, stop } = aPage(false);
  const closed: string[] = [];
  location.pushState(null, '', '/list');
  location.pushState(null, '', '/conversation');
  overlays.opened(() => closed.push('sheet'));
  await still();
  await back();
  expect([closed, told]).toEqual([[], ['/list']]);
  stop();
});

test('Back leaves a page exactly when nothing is open, whatever was opened, closed and followed', async () => {
  const step = fc.constantFrom('open', 'close', 'go', 'back');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { location, overlays, told, stop } = aPage();
      const open: (() => void)[] = [];
      const pages = ['/p0'];
      location.pushState(null, '', '/p0');
      for (const [index, each] of steps.entries()) {
        if (each === 'open') {
          const close: () => void = overlays.opened(() => open.splice(open.indexOf(close), 1));
          open.push(close);
        } else if (each === 'close') open.pop()?.();
        else if (each === 'go') {
          // Every navigation elsewhere closes the overlays.
          for (const close of open.splice(0)) close();
          location.pushState(null, '', `/p${index + 1}`);
          pages.push(`/p${index + 1}`);
        } else if (open.length > 0 || pages.length > 1) {
          const [openBefore, toldBefore] = [open.length, told.length];
          if (openBefore === 0) pages.pop();
          await back();
          expect(open).toHaveLength(Math.max(0, openBefore - 1));
          expect(told.slice(toldBefore)).toEqual(openBefore === 0 ? [pages.at(-1)] : []);
        }
        await still();
        expect(window.location.pathname).toBe(pages.at(-1));
      }
      stop();
      for (const close of open) close();
      await still();
    }),
    { numRuns: 60 },
  );
}, 60_000);
