import { useEffect } from 'react'
import { BottomBar } from '../frame/bottom-bar.tsx'
import { Brand } from '../frame/brand.tsx'
import { useText } from '../i18n/i18n.tsx'
import { LoginForm } from './login-form.tsx'

export function LoginPage() {
  const t = useText()
  useEffect(() => {
    document.title = `${t('login.title')} · Universal Messaging`
  }, [t])
  return (
    <div className="app">
      <main className="login">
        <div className="login-card">
          <div className="login-brand">
            <Brand />
            <div>
              <p className="login-product">Universal Messaging</p>
              <p className="soft">{location.host}</p>
            </div>
          </div>
          <h1>{t('login.title')}</h1>
          <LoginForm />
        </div>
      </main>
      <BottomBar />
    </div>
  )
}
