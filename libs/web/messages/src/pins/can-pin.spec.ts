import { canPin } from './can-pin';

describe('canPin', () => {
  it('is for owner and moderators in rooms and in the lobby, and for everybody elsewhere', () => {
    expect(canPin({ kind: 'room', role: 'member' })).toBe(false);
    expect(canPin({ kind: 'lobby', role: 'member' })).toBe(false);
    expect(canPin({ kind: 'room', role: 'moderator' })).toBe(true);
    expect(canPin({ kind: 'room', role: 'owner' })).toBe(true);
    expect(canPin({ kind: 'direct', role: 'member' })).toBe(true);
    expect(canPin({ kind: 'group', role: 'member' })).toBe(true);
  });

  it('is for nobody where nothing changes any more', () => {
    expect(canPin({ kind: 'room', role: 'owner', archivedAt: '2026-01-01T00:00:00.000Z' })).toBe(false);
  });
});
