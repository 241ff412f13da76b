import bowser from 'bowser';

const maxCharacters = 60;

/** Returns a label of a device for its owner's list: "Firefox, Windows". Empty for an unknown user agent. */
export function deviceLabel(userAgent: string | undefined): string {
  if (userAgent === undefined || userAgent === '') return '';
  const { browser, os } = bowser.parse(userAgent.slice(0, 512));
  const names = [browser.name, os.name].filter((name) => name !== undefined && name !== '');
  return names.join(', ').slice(0, maxCharacters);
}
