import { mayPin } from './may-pin';

describe('mayPin', () => {
  it('is for owner and moderators in rooms and in the lobby, and for everybody elsewhere', () => {
    expect(mayPin({ kind: 'room', role: 'member' })).toBe(false);
    expect(mayPin({ kind: 'lobby', role: 'member' })).toBe(false);
    expect(mayPin({ kind: 'room', role: 'moderator' })).toBe(true);
    expect(mayPin({ kind: 'room', role: 'owner' })).toBe(true);
    expect(mayPin({ kind: 'direct', role: 'member' })).toBe(true);
    expect(mayPin({ kind: 'group', role: 'member' })).toBe(true);
  });

  it('is for nobody where nothing changes any more', () => {
    expect(mayPin({ kind: 'room', role: 'owner', archivedAt: '2026-01-01T00:00:00.000Z' })).toBe(false);
  });
});
