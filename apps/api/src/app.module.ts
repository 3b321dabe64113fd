import { Module, type DynamicModule } from '@nestjs/common'
import { DiscoveryModule } from '@nestjs/core'
import { CohortsModule } from './cohorts/index.js'
import { CoursesModule } from './courses/index.js'
import { HealthModule } from './health/index.js'
import { IdentityModule } from './identity/index.js'
import { InterviewModule } from './interview/index.js'
import { LabHostsModule } from './lab-hosts/index.js'
import { PlatformModule, type Configuration, type Logger } from './platform/index.js'
import { ProgressModule } from './progress/index.js'
import { ReceiptsModule } from './receipts/index.js'
import { SubmissionsModule } from './submissions/index.js'

@Module({})
export class AppModule {
  static with(configuration: Configuration, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DiscoveryModule,
        PlatformModule.with(configuration, logger),
        HealthModule,
        IdentityModule,
        CoursesModule,
        CohortsModule,
        ProgressModule,
        SubmissionsModule,
        ReceiptsModule,
        InterviewModule,
        LabHostsModule,
      ],
    }
  }
}
