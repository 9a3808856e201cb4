import { useIsFetching, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Unreachable } from '../api/problems.ts'
import { Button } from '../controls/button.tsx'
import { useFormat, useText } from '../i18n/i18n.tsx'

/** Says when what is shown is not what is: the connection is lost, and since when. */
export function StaleBanner() {
  const t = useText()
  const format = useFormat()
  const client = useQueryClient()
  const isFetching = useIsFetching() > 0
  const [since, setSince] = useState<number>()
  useEffect(() => {
    const look = () => {
      const queries = client.getQueryCache().findAll({ type: 'active' })
      const lost = queries.filter(query => (query.state.error ?? query.state.fetchFailureReason) instanceof Unreachable)
      setSince(lost.length === 0 ? undefined : Math.max(0, ...queries.map(query => query.state.dataUpdatedAt)))
    }
    look()
    return client.getQueryCache().subscribe(look)
  }, [client])
  return (
    <div role="status">
      {since !== undefined && (
        <div className="stale-banner">
          <span>{since === 0 ? t('problem.unreachable') : t('stale.text', { time: format.time(new Date(since).toISOString()) })}</span>
          <Button busy={isFetching} onClick={() => void client.refetchQueries({ type: 'active' })}>
            {t('common.tryAgain')}
          </Button>
        </div>
      )}
    </div>
  )
}
