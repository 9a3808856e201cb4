export const help = `gum-cli saves and restores the configuration of Universal Messaging.

  gum-cli backup  [options] [--output FILE]     FILE, or standard output
  gum-cli restore [options] [--input FILE]      FILE, or standard input; may be compressed with gzip

  gum-cli backup --host messaging.acme.com --output backup.json
  gum-cli backup --host messaging.acme.com | gzip > backup.json.gz
  zcat backup.json.gz | gum-cli restore --host messaging.acme.com

Where and who
  --host HOST              host, host:port or URL of the API; https unless the URL says http
  --user NAME              administrator (default: admin)
  --password TEXT          its password; other users of this machine may see it while the program runs, so rather:
  --password-file FILE     the first line of FILE
  --password-stdin         the first line of standard input
                           GUM_PASSWORD in the environment, or the configuration file; asked for on a terminal
  --ca FILE                certificates (PEM) to trust besides the usual ones
  --insecure               do not check the certificate of the API
  --timeout SECONDS        for each answer of the API (default: 120)

Backup
  -o, --output FILE        written whole, or not at all; only its owner may read it
  --passphrase TEXT        encrypts the backup, which holds the secrets of all tenants
  --passphrase-file FILE   the first line of FILE; or GUM_PASSPHRASE in the environment
  --partial                also when services do not answer that keep tokens of tenants

Restore
  -i, --input FILE
  --passphrase, --passphrase-file    as for the backup
  --dry-run                only tells what would change

  A restore is all or nothing. Afterwards the configuration is that of the backup: tenants and storages that are not in it
  are removed. Users who exist keep their passwords.

Others
  --config FILE            defaults for host, user, password, passphrase, ca and insecure, in YAML
                           (default: $HOME/.config/gum-cli/config, else $HOME/.gum-cli)
  --log FILE               appends a log that the bunyan reader understands; DEBUG=1 in the environment makes it longer
  -h, --help
  --version

Ends with 0 when it has worked; 1: the API could not do it; 2: the command line or the configuration file is wrong; 3: user or
password is wrong; 4: the API cannot be reached; 5: the file is no whole backup, or the passphrase is wrong.
`
