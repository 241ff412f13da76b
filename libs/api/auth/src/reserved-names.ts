import { skeletonOf } from './skeleton';

/** Names that would make a guest look like the staff or the product itself, in the languages of the page. */
const reserved = new Set(
  [
    'admin administrator root system server support staff official moderator mod owner operator host bot webhook',
    'cloudhop cloudhopteam cloudhopadmin cloudhopsupport deleteduser everyone here',
    '管理員 管理员 管理者 系統管理員 系统管理员 系統 系统 版主 站長 站长 主持人 官方 客服 客服人員 客服人员 工作人員 工作人员 運營 运营',
    '云跳 雲跳 モデレーター システム 운영자 관리자',
  ]
    .join(' ')
    .split(' ')
    .map(fold),
);

/** Whether a person may not call themselves so: compared without case, width, spaces, punctuation and invisible characters. */
export function isReservedName(name: string): boolean {
  return reserved.has(fold(name));
}

/** Whether a username is one of those, or looks like one. */
export function isReservedUsername(username: string): boolean {
  return isReservedName(username) || reservedSkeletons.has(skeletonOf(fold(username)));
}

const reservedSkeletons = new Set([...reserved].map(skeletonOf));

function fold(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[\p{Z}\p{P}\p{C}\p{S}\p{Default_Ignorable_Code_Point}]/gu, '');
}
