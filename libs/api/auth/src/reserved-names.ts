import { usernameKey } from '@cloudhop/contracts';
import { lookOf } from './skeleton';

/** Names that would make a guest look like the staff or the product itself, in the languages of the page. */
const reservedNames = [
  'admin administrator root system server support staff official moderator mod owner operator host bot webhook',
  'cloudhop cloudhopteam cloudhopadmin cloudhopsupport deleteduser everyone here',
  'админ администратор модератор поддержка',
  '管理員 管理员 管理者 系統管理員 系统管理员 系統 系统 版主 站長 站长 主持人 官方 客服 客服人員 客服人员 工作人員 工作人员 運營 运营',
  '云跳 雲跳 モデレーター システム 운영자 관리자',
].flatMap((line) => line.split(' '));

/** Words for a guest without a name, as pages show them before the tag. */
const guestWords = ['guest', '訪客', '访客'];

/** Digits and signs that are written for letters. */
const letterOf: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '€': 'e',
  '!': 'l',
  '|': 'l',
  '¡': 'l',
};

/** A guest's tag, six hexadecimal digits, as it looks: a zero is an o there, and a one an l. */
const tagLook = /^[2-9a-fol]{6}$/;

const reserved = new Set(reservedNames.flatMap(readingsOf));
const guestReadings = new Set(guestWords.flatMap(readingsOf));

/**
 * Returns true for a display name that passes for the staff or the product, for a guest without a name, or for a name
 * with somebody's tag or username beside it. Case, width, accents, spaces, signs, look-alikes and digits for letters
 * make no difference.
 */
export function isReservedName(name: string): boolean {
  return (
    readingsOf(name).some((reading) => reserved.has(reading)) ||
    writtenForms(name).some((form) => isGuestName(form) || hasNameBeside(form))
  );
}

/** Returns true for a username that passes for the staff or the product, or for a guest or the tag of one. */
export function isReservedUsername(username: string): boolean {
  const isLikeTag = /\p{N}/u.test(username) && writtenForms(username).some((form) => tagLook.test(lookOf(form)));
  return isLikeTag || isReservedName(username);
}

/** Returns a name as it is shown, and in lower case: each can look like another name. */
function writtenForms(name: string): string[] {
  return [name.normalize('NFKC'), usernameKey(name)];
}

/** Returns the ways to read a name: the looks of its letters alone, with digits as they are and as letters. */
function readingsOf(name: string): string[] {
  return writtenForms(name)
    .flatMap((form) => [form, form.replace(/[\p{N}\p{S}\p{P}]/gu, (sign) => letterOf[sign] ?? sign)])
    .map((form) => lettersOf(lookOf(lettersOf(form))).replaceAll('i', 'l'));
}

/** Returns a text without accents, spaces, signs and invisible characters. Keeps a bar, which looks like a letter. */
function lettersOf(text: string): string {
  return text.normalize('NFD').replace(/(?!\|)[\p{M}\p{Z}\p{P}\p{C}\p{S}\p{Default_Ignorable_Code_Point}]/gu, '');
}

function isGuestName(form: string): boolean {
  const letters = [...lettersOf(form)];
  const [word, tag] = [letters.slice(0, -6).join(''), letters.slice(-6).join('')];
  return tagLook.test(lookOf(tag)) && readingsOf(word).some((reading) => guestReadings.has(reading));
}

/** Returns true for a name that holds a tag or a username the way pages show them: "#tag", "@username". */
function hasNameBeside(form: string): boolean {
  const [, tag = ''] = /#\s*(.{6})$/su.exec(form) ?? [];
  return /@[\p{L}\p{N}]/u.test(form) || tagLook.test(lookOf(tag));
}
