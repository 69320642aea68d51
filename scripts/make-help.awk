# SPDX-License-Identifier: MIT
#
# Prints the targets of the makefiles given: those whose line says what they do after ##
# are for users, those that say it after #: for makers.

match($0, /^[a-z][a-z-]*:.*#[#:] /) {
    name = $0
    sub(/:.*/, "", name)
    group = substr($0, RSTART + RLENGTH - 2, 1) == "#" ? "users" : "makers"
    targets[group] = targets[group] sprintf("  %-17s %s\n", name, substr($0, RSTART + RLENGTH))
}

END {
    printf "for users:\n%sfor makers:\n%s", targets["users"], targets["makers"]
}
