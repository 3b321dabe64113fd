import type { Cohort, Lab } from '@cooperage/contracts'
import { isStaff } from '../../app/hooks.js'
import { learnerSubmissionsPath } from '../../app/paths.js'
import { LinkButton, PageHeading } from '../../ui/index.js'

const difficulties: Record<Lab['difficulty'], string> = {
  intro: 'Introductory',
  core: 'Core',
  advanced: 'Advanced',
}

/** `compact`: the title alone, where the room belongs to the editor. */
export function LabHeading({ lab, cohort, compact }: { lab: Lab; cohort: Cohort; compact: boolean }) {
  const { title, summary, module, difficulty, minutes, maxScore } = lab
  const points = `${maxScore} ${maxScore === 1 ? 'point' : 'points'}`
  return (
    <PageHeading
      title={title}
      above={!compact && `Lab · ${module.title} · ${difficulties[difficulty]} · ${minutes} min · ${points}`}
      lead={!compact && summary}
      actions={
        isStaff(cohort) && (
          <LinkButton variant="default" size="xs" to={learnerSubmissionsPath(cohort.id, lab.id)}>
            Submissions
          </LinkButton>
        )
      }
    />
  )
}
