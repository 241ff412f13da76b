import { inviteAddress, inviteIn, roomAddress } from './invite-link';

describe('invite links', () => {
  it('carry their secret in the fragment', () => {
    expect(inviteIn('q1Jx0mZcT5m9o2b8Ww3k7A')).toBe('q1Jx0mZcT5m9o2b8Ww3k7A');
    expect(inviteIn('q1Jx0mZc_T5m9o2b8-Ww3k')).toBe('q1Jx0mZc_T5m9o2b8-Ww3k');
  });

  it.each([[null], [undefined], [''], ['account'], ['a b c d e f g h i j k l'], ['x'.repeat(65)]])(
    '%j is none',
    (text) => expect(inviteIn(text)).toBeUndefined(),
  );

  it('are addresses that survive being copied', () => {
    expect(roomAddress('https://chat.example', '週末')).toBe('https://chat.example/r/%E9%80%B1%E6%9C%AB');
    expect(inviteAddress('https://chat.example', '/r/週末#secret')).toBe(
      'https://chat.example/r/%E9%80%B1%E6%9C%AB#secret',
    );
    expect(inviteAddress('https://chat.example', '/r/%E9%80%B1%E6%9C%AB#secret')).toBe(
      'https://chat.example/r/%E9%80%B1%E6%9C%AB#secret',
    );
  });
});
