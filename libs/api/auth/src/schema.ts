import type { SchemaPart } from '@cloudhop/api/database';
import { AuthBaseline1800000001000 } from './migrations/auth-baseline';
import { ReplacedSessions1800000011001 } from './migrations/replaced-sessions';
import { UsernameLooks1800000012001 } from './migrations/username-looks';
import authChangesV1 from './sql/auth_changes_v1.sql';
import authorJsonV1 from './sql/author_json_v1.sql';
import credentialsRenewV1 from './sql/credentials_renew_v1.sql';
import guestForgetV1 from './sql/guest_forget_v1.sql';
import guestForgetV2 from './sql/guest_forget_v2.sql';
import guestIsUnseenV1 from './sql/guest_is_unseen_v1.sql';
import lockUsersV1 from './sql/lock_users_v1.sql';
import passwordChangeV1 from './sql/password_change_v1.sql';
import profileChangeV1 from './sql/profile_change_v1.sql';
import recoveryUseV1 from './sql/recovery_use_v1.sql';
import recoveryUseV2 from './sql/recovery_use_v2.sql';
import renameRefusalV1 from './sql/rename_refusal_v1.sql';
import sessionBeginV1 from './sql/session_begin_v1.sql';
import sessionEndV1 from './sql/session_end_v1.sql';
import userAnonymiseV1 from './sql/user_anonymise_v1.sql';
import userForgetV1 from './sql/user_forget_v1.sql';
import userIsLiveV1 from './sql/user_is_live_v1.sql';
import userRegisterV1 from './sql/user_register_v1.sql';
import userRegisterV2 from './sql/user_register_v2.sql';
import userSessionsEndV1 from './sql/user_sessions_end_v1.sql';
import userSessionsEndV2 from './sql/user_sessions_end_v2.sql';
import usernameClaimV1 from './sql/username_claim_v1.sql';
import usernameIsTakenV1 from './sql/username_is_taken_v1.sql';
import usersJsonV1 from './sql/users_json_v1.sql';

/** Schema of users and sessions. */
export const authSchema: SchemaPart = {
  migrations: [AuthBaseline1800000001000, ReplacedSessions1800000011001, UsernameLooks1800000012001],
  sql: [
    authChangesV1,
    authorJsonV1,
    credentialsRenewV1,
    guestForgetV1,
    guestForgetV2,
    guestIsUnseenV1,
    lockUsersV1,
    passwordChangeV1,
    profileChangeV1,
    recoveryUseV1,
    recoveryUseV2,
    renameRefusalV1,
    sessionBeginV1,
    sessionEndV1,
    userAnonymiseV1,
    userForgetV1,
    userIsLiveV1,
    userRegisterV1,
    userRegisterV2,
    userSessionsEndV1,
    userSessionsEndV2,
    usernameClaimV1,
    usernameIsTakenV1,
    usersJsonV1,
  ],
};
