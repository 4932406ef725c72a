# What the scripts share; sourced, not run. Works in bash 3.2, which macOS still has.

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$1"
  exit 1
}

# Prints the java to use: of JAVA_HOME if it is set, else of PATH; ends with a message unless it is 17 or newer.
find_java() {
  local java version
  if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
    java=$JAVA_HOME/bin/java
  elif command -v java >/dev/null 2>&1; then
    java=java
  else
    fail "Hubbub needs a JDK, version 17 or newer, and found no java in JAVA_HOME or PATH."
  fi
  version=$("$java" -version 2>&1 | sed -n 's/.*version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' | head -n 1)
  if [ -z "$version" ] || [ "$version" -lt 17 ]; then
    fail "Hubbub needs a JDK, version 17 or newer; $java is version ${version:-unknown}. Set JAVA_HOME to a newer one."
  fi
  printf '%s\n' "$java"
}

require() {
  command -v "$1" >/dev/null 2>&1 || fail "Hubbub is built with $2, and found no $1 in PATH."
}

# Names the jars under $1, for the functions below. The server's names the demos' one in its class path.
locate_server() {
  server_jar=$1/hub/server/target/hubbub-server-0.1.0-SNAPSHOT.jar
  demo_jar=$1/hub/demo/target/hubbub-demo-0.1.0-SNAPSHOT.jar
}

# Builds the server and the demos' pages under $1, side by side, where their sources are newer.
build_all_if_older() {
  local root=$1 pages
  (build_demo_pages_if_older "$root") &
  pages=$!
  build_server_if_older "$root"
  wait "$pages" || true
}

# Builds the pages of the demos under $1 when a source is newer. A hub without them runs, and this says why.
build_demo_pages_if_older() {
  local root=$1 stamp lock
  stamp=$root/hub/demo/target/web/.built
  lock=$root/.build/demo-pages.lock
  ! demo_pages_are_built "$root" "$stamp" || return 0
  if ! command -v npm >/dev/null 2>&1 || [ "$(node --version | sed 's/^v\([0-9]*\).*/\1/')" -lt 20 ]; then
    say "the demos' pages need Node 20 or newer with npm to be built; the hub runs without them."
    return 0
  fi
  take_lock "$lock"
  if ! demo_pages_are_built "$root" "$stamp"; then
    if install_npm_packages "$root/sdk-js" 1>&2 && node "$root/hub/demo/build.mjs" 1>&2; then
      touch "$stamp"
    else
      say "the demos' pages could not be built; the hub runs without them."
    fi
  fi
  drop_lock "$lock"
}

demo_pages_are_built() {
  local root=$1 stamp=$2 newer
  [ -f "$stamp" ] || return 1
  newer=$(find "$root/hub/demo/build.mjs" "$root/hub/demo/src/main" "$root/sdk-js/src" "$root/sdk-js/package-lock.json" \
    -type f -newer "$stamp" -print | head -n 1)
  [ -z "$newer" ]
}

# Builds the server under $1 when a source is newer than the last build.
build_server_if_older() {
  local root=$1 stamp lock
  stamp=$root/hub/server/target/.built
  lock=$root/.build/server.lock
  if server_is_built "$root" "$stamp"; then
    return
  fi
  require mvn "Maven 3.8 or newer"
  take_lock "$lock"
  # Another script may have built it while this one waited.
  if ! server_is_built "$root" "$stamp"; then
    build_server "$root"
  fi
  drop_lock "$lock"
}

server_is_built() {
  local root=$1 stamp=$2 newer
  [ -f "$server_jar" ] && [ -f "$demo_jar" ] && [ -f "$stamp" ] || return 1
  newer=$(find "$root/pom.xml" "$root/.mvn" "$root/hub/checks/pom.xml" "$root/hub/checks/src/main" \
    "$root/hub/server/pom.xml" "$root/hub/server/src/main" "$root/hub/demo/pom.xml" "$root/hub/demo/src/main/java" \
    "$root/hub/demo/src/main/resources" -type f -newer "$stamp" -print | head -n 1)
  [ -z "$newer" ]
}

build_server() {
  local root=$1
  if [ -f "$server_jar" ]; then
    say "building Hubbub…"
  else
    say "building Hubbub (first time: about a minute)…"
  fi
  mvn_and_stamp "$root" -q -pl hub/checks,hub/server,hub/demo package \
    -Dmaven.test.skip -Dspotless.check.skip -Dcheckstyle.skip 1>&2 ||
    fail "the build failed; scripts/test shows more of it."
  archive_classes "$root"
}

# Writes the classes that a starting node loads into an archive, from which the JVM maps them: a node is then ready in
# 0.6 s instead of 1.0 s on two cores. Without an archive everything works, a little later.
archive_classes() (
  local root=$1 archive=$1/hub/server/target/hubbub.jsa java pid waited=0
  java=$(find_java)
  "$java" @"$root/config/jvm.options" -XX:ArchiveClassesAtExit="$archive.new" -Xlog:disable -jar "$server_jar" start \
    --config "$root/config/hub.yaml" --set http.host=127.0.0.1 --set http.port=0 --set ops.host=127.0.0.1 \
    --set ops.port=0 </dev/null >"$archive.log" 2>&1 &
  pid=$!
  trap 'kill "$pid" 2>/dev/null || true' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  while kill -0 "$pid" 2>/dev/null && ! grep -q 'Hubbub is ready' "$archive.log" && [ "$waited" -lt 300 ]; do
    waited=$((waited + 1))
    sleep 0.1
  done
  kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  # Half an archive would bring the JVM down: it gets its name when it is whole.
  if grep -q 'Hubbub is ready' "$archive.log" && [ -s "$archive.new" ]; then
    mv -f "$archive.new" "$archive"
  else
    rm -f "$archive.new" "$archive"
  fi
)

# Prints the options, one a line, with which the JVM uses the archive of this very jar; nothing when there is none.
archive_options() {
  local archive=$1/hub/server/target/hubbub.jsa
  if [ "$archive" -nt "$server_jar" ]; then
    # Another JDK than the one that wrote it goes on without it, and need not say so.
    printf '%s\n' "-XX:SharedArchiveFile=$archive" -Xshare:auto -Xlog:cds=off -Xlog:cds+dynamic=off
  fi
}

# Runs Maven under $1 and remembers when it began: what is saved during a build is built the next time.
mvn_and_stamp() {
  local root=$1 begin status=0
  shift
  begin=$(mktemp "${TMPDIR:-/tmp}/hubbub-build.XXXXXX")
  # Maven resets the terminal's colours at its end even when it was told to use none.
  mvn -B -ntp -Dstyle.color=never -f "$root/pom.xml" "$@" 2>&1 | sed $'s/\x1b\\[[0-9;]*m//g' || status=$?
  [ "$status" -ne 0 ] || touch -r "$begin" "$root/hub/server/target/.built"
  rm -f "$begin"
  return "$status"
}

# One build at a time in one working copy: a directory is made by one process only.
take_lock() {
  local lock=$1 owner waited=0
  mkdir -p "$(dirname "$lock")"
  until mkdir "$lock" 2>/dev/null; do
    owner=$(cat "$lock/pid" 2>/dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      rm -rf "$lock"
      continue
    fi
    waited=$((waited + 1))
    [ "$waited" -ne 3 ] || say "waiting for another build of Hubbub (process ${owner:-unknown})…"
    [ "$waited" -lt 600 ] || fail "another build of Hubbub holds $lock for ten minutes; remove it if there is none."
    sleep 1
  done
  printf '%s\n' "$$" >"$lock/pid"
  trap 'rm -rf "'"$lock"'"' EXIT
}

drop_lock() {
  rm -rf "$1"
  trap - EXIT
}

# Installs what package-lock.json in $1 says, unless that is what is installed.
install_npm_packages() {
  local folder=$1
  local stamp=$folder/node_modules/.installed-lock.json
  if ! cmp -s "$folder/package-lock.json" "$stamp"; then
    npm --prefix "$folder" ci --no-audit --no-fund --loglevel=error &&
      cp "$folder/package-lock.json" "$stamp"
  fi
}
