/** What a sample says of itself. Always the same text: nothing in it is of the homeserver. */
export const README = `# People of a homeserver, masked

Made by \`syn2op sample\`. To rehearse a migration with these people:

    syn2op rehearse --sample FOLDER --target mas

- \`manifest.json\`: what this is, and how many accounts and rows the homeserver has that it was taken of
- \`homeserver.yaml\` and \`appservice-*.yaml\`: the settings that syn2op reads, masked; secrets are made up
- \`tables/\`: the rows, a table a file and a row a line; a NULL is left out, and numbers have a _ before each three digits
- \`canaries.txt\`, \`tokens.txt\`: a made-up password and masked tokens, for proofs after a migration

Names, addresses, subjects, tokens and devices are replaced by a secret key that is not here; names of SSO providers stay where they
tell of nobody. Whoever has the key can find out which
name stands for whom: keep it as you keep the homeserver's secrets. Lengths, kinds of letters, counts, who has what, and the distances
between times are those of the homeserver. Who knows an account by these finds it.
Times are earlier by one span, and so is the moment of the sample in \`manifest.json\`: whoever knows when it was taken, by the date of a
commit for instance, knows the span, and so the true times. Show the folder to those who may know when accounts were made and used.
`
