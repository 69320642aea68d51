# SPDX-License-Identifier: MIT
#
# The options of the linker for a traced runner: --wrap for each function that a source
# defines by WRAP(type, name, ...) or VERB(why, name or type, ...).
/^(WRAP|VERB)\(/ {
    split($0, words, /[(,] */)
    name = words[3]
    if (name !~ /_/ || name ~ /_t$/) # the type of the result: the name is the next
        name = /^VERB/ ? words[4] : name
    print "-Wl,--wrap=" name
}
