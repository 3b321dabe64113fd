import { Module } from '@nestjs/common'
import { ApiTokens } from './api-tokens.js'
import { FailedPasswords } from './failed-passwords.js'
import { IdentityController } from './identity.controller.js'
import { OwnAccount } from './me.js'
import { Passwords } from './passwords.js'
import { People } from './people.js'
import { Sessions } from './sessions.js'
import { SignIn } from './sign-in.js'

@Module({
  controllers: [IdentityController],
  providers: [SignIn, Sessions, OwnAccount, ApiTokens, People, Passwords, FailedPasswords],
})
export class IdentityModule {}
