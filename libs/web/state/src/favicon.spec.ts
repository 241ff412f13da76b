import { badgedIcon, iconMark } from './favicon';

describe('iconMark', () => {
  it('is empty for zero, then a digit, then 9+', () => {
    expect([0, -1, 1, 9, 10, 400].map(iconMark)).toEqual(['', '', '1', '9', '9+', '9+']);
  });
});

describe('badgedIcon', () => {
  it('draws the mark into the icon, above what is there', () => {
    const icon = badgedIcon('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>\n', '3');
    expect(icon).toMatch(/^data:image\/svg\+xml,/);
    const drawn = new DOMParser().parseFromString(
      decodeURIComponent(icon.slice(icon.indexOf(',') + 1)),
      'image/svg+xml',
    );
    expect([...drawn.documentElement.children].map(({ tagName }) => tagName)).toEqual(['path', 'circle', 'text']);
    expect(drawn.querySelector('text')?.textContent).toBe('3');
  });
});
