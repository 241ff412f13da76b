import { Toasts } from './toasts';

const notification = (text: string) => ({ text, isNotification: true });

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('news on screen are said anew without staying longer, and withdrawn', () => {
  const toasts = new Toasts();
  toasts.show({ ...notification('a secret'), durationMs: 1_000 });
  jest.advanceTimersByTime(900);
  toasts.replaceNotification(notification('no secret'));
  expect(toasts.current()?.text).toBe('no secret');
  jest.advanceTimersByTime(100);
  expect(toasts.current()).toBeUndefined();
  toasts.show(notification('a secret'));
  toasts.replaceNotification(undefined);
  expect(toasts.current()).toBeUndefined();
});

test('news that wait behind another sentence are withdrawn before anybody saw them', () => {
  const toasts = new Toasts();
  toasts.show({ text: 'Copied' });
  toasts.show(notification('a secret'));
  toasts.replaceNotification(undefined);
  expect(toasts.current()?.text).toBe('Copied');
  toasts.dismiss();
  expect(toasts.current()).toBeUndefined();
});

test('what the person just did is no news: it stays', () => {
  const toasts = new Toasts();
  toasts.show({ text: 'Copied' });
  toasts.replaceNotification(undefined);
  expect(toasts.current()?.text).toBe('Copied');
});
