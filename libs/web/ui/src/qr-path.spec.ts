import { qrPath } from './qr-path';

describe('qrPath', () => {
  it('draws runs of dark modules as bars, row by row', () => {
    const rows = ['##.', '..#', '###'];
    expect(qrPath(3, (x, y) => rows[y]![x] === '#')).toBe('M0 0h2v1h-2zM2 1h1v1h-1zM0 2h3v1h-3z');
  });

  it('draws nothing without dark modules', () => {
    expect(qrPath(4, () => false)).toBe('');
  });
});
