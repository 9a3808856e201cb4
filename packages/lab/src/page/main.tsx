import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/overlays.css'
import './styles/layout.css'
import './styles/message.css'
import './styles/structured.css'
import './styles/phone.css'
import './styles/composer.css'
import './styles/journey.css'
import './styles/desk.css'
import './styles/tray.css'
import { createRoot } from 'react-dom/client'
import { labApi } from './api.ts'
import { App } from './app.tsx'
import { labCommands } from './commands.ts'
import { applyTheme, readTheme } from './frame/theme.ts'
import { LabProvider } from './lab.tsx'
import { startSession } from './session.ts'
import { initialState, reduce } from './state.ts'
import { createStore } from './store.ts'
import { openStream } from './stream.ts'

applyTheme(readTheme())
const place = document.getElementById('root')
if (place === null) throw new Error('index.html has no #root')
const store = createStore(reduce, initialState)
const api = labApi((input, init) => fetch(input, init))
startSession(store, api, listener => openStream(listener))
createRoot(place).render(
  <LabProvider lab={{ store, commands: labCommands(store, api) }}>
    <App />
  </LabProvider>,
)
