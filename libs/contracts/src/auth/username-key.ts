import { folded } from '../text/folding';

/** Returns the key by which usernames are compared: without width, compatibility forms and case. */
export function usernameKey(username: string): string {
  return folded(username);
}
