import { folded } from '../text/folding';

/** What a username is compared by: without width, compatibility forms and case. */
export function usernameKey(username: string): string {
  return folded(username);
}
