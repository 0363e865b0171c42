# Sourced by ./assay and .ci/run: where the JDK is. Exactly 25, because the Vector API still changes from release to release.

unset CDPATH # with it 'cd' may go elsewhere, and says where it went

# The folder that holds a file, behind any chain of links.
folder_of() {
  local path=$1 link
  while [ -L "$path" ]; do
    link=$(readlink "$path")
    case $link in /*) path=$link ;; *) path=$(dirname "$path")/$link ;; esac
  done
  cd -P "$(dirname "$path")" && pwd
}

is_jdk_25() { [ -x "$1/bin/javac" ] && grep -q '^JAVA_VERSION="25[".]' "$1/release" 2>/dev/null; }

# Prints the home of a JDK 25: JAVA_HOME, then the java on the PATH, then the folders where installers put them.
find_jdk_25() {
  local candidate on_path user=${HOME:-/nowhere}
  on_path=$(command -v java) && on_path=$(folder_of "$on_path")/..
  for candidate in "${JAVA_HOME:-}" "${on_path:-}" \
      /usr/lib/jvm/* /usr/java/* /opt/* /opt/java/* \
      "$user"/.sdkman/candidates/java/* "$user"/.jdks/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home "$user"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$candidate" ] && is_jdk_25 "$candidate"; then
      folder_of "$candidate/release"
      return
    fi
  done
  return 1
}
