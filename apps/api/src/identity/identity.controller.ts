import { Controller } from '@nestjs/common'
import { routes } from '@cooperage/contracts'
import { Endpoint, type Input } from '../platform/index.js'
import { ApiTokens } from './api-tokens.js'
import { OwnAccount } from './me.js'
import { People } from './people.js'
import { Sessions } from './sessions.js'
import { SignIn } from './sign-in.js'

@Controller()
export class IdentityController {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    private readonly account: OwnAccount,
    private readonly tokens: ApiTokens,
    private readonly people: People,
  ) {}

  @Endpoint(routes.login)
  login({ body, request, reply }: Input<typeof routes.login>) {
    return this.signIn.withPassword(body, request, reply)
  }

  @Endpoint(routes.logout)
  logout({ caller, reply }: Input<typeof routes.logout>) {
    return this.sessions.end(caller.sessionId, reply)
  }

  @Endpoint(routes.me)
  me({ caller }: Input<typeof routes.me>) {
    return this.account.get(caller)
  }

  @Endpoint(routes.updateMe)
  updateMe({ caller, body, request }: Input<typeof routes.updateMe>) {
    return this.account.update(caller, body, request)
  }

  @Endpoint(routes.listTokens)
  listTokens({ caller, query }: Input<typeof routes.listTokens>) {
    return this.tokens.list(caller, query)
  }

  @Endpoint(routes.createToken, { location: (made) => `/me/tokens/${made.id}` })
  createToken({ caller, body }: Input<typeof routes.createToken>) {
    return this.tokens.create(caller, body)
  }

  @Endpoint(routes.deleteToken)
  deleteToken({ caller, params }: Input<typeof routes.deleteToken>) {
    return this.tokens.delete(caller, params.token)
  }

  @Endpoint(routes.createUser, { location: (made) => `/users/${made.id}` })
  createUser({ caller, body }: Input<typeof routes.createUser>) {
    return this.people.create(caller, body)
  }

  @Endpoint(routes.acceptInvitation)
  acceptInvitation({ params, body, reply }: Input<typeof routes.acceptInvitation>) {
    return this.people.accept(params.token, body, reply)
  }
}
