#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Builds a commit once: what a change is compared with was itself a change before, and its build
# may still be in the cache of the CI service. For `quartet check --build`, which calls it at the
# top of a checkout.
#
# What is taken from the cache must be of the same commit, built by the same command with the same
# compiler on the same system; else it is built anew, and a line says so.
set -eu

usage() {
    cat <<'END'
usage: quartet check --build 'docs/ci/cached-build.sh COMMAND' ...

COMMAND, one word for sh, builds the tree. QUARTET_CACHE is the folder that the service keeps;
without it the command is run, and that is all.
END
}

case ${1-} in
-h | --help) usage && exit 0 ;;
'') usage >&2 && exit 2 ;;
esac
command=$1
commit=$(cat .git/HEAD 2>/dev/null || git rev-parse HEAD)
if [ -z "${QUARTET_CACHE-}" ]; then
    exec sh -c "$command"
fi

# Lines that must be alike.
stamp() {
    echo "commit $commit"
    echo "command $command"
    echo "compiler $("${CC:-cc}" --version 2>/dev/null | head -n 1)"
    echo "system $(uname -sm) $(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null)"
}

entry=$QUARTET_CACHE/$commit
if [ -d "$entry" ]; then
    if stamp | cmp -s - "$entry/stamp" && tar -xf "$entry/tree.tar" 2>/dev/null; then
        echo "cache: $commit was built before" >&2
        exit 0
    fi
    echo "cache: what it holds as $commit is another build, or damaged; it is built anew" >&2
    rm -rf "$entry"
fi
sh -c "$command"
# Complete or not there: another job may look at the same time.
mkdir -p "$QUARTET_CACHE"
new=$(mktemp -d "$QUARTET_CACHE/.new.XXXXXX")
stamp >"$new/stamp"
if tar -cf "$new/tree.tar" --exclude=./.git . && mv -T "$new" "$entry" 2>/dev/null; then
    echo "cache: $commit is kept" >&2
else
    rm -rf "$new"
    echo "cache: $commit could not be kept" >&2
fi
