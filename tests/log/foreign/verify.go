// Checks proofs of an archive with Go's packages note and tlog, which know nothing of it.
//
//	verify VKEY proof FILE
//	verify VKEY consistency FILE OLD-CHECKPOINT
//	sign SECRET-KEY FILE
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func read(name string) string {
	data, err := os.ReadFile(name)
	must(err)
	return string(data)
}

func hash(text string) (found tlog.Hash) {
	data, err := base64.StdEncoding.DecodeString(text)
	must(err)
	if len(data) != tlog.HashSize {
		must(fmt.Errorf("a hash of %d bytes", len(data)))
	}
	copy(found[:], data)
	return found
}

// checkpoint opens a signed note and reads its size and root.
func checkpoint(text, vkey string) (int64, tlog.Hash) {
	verifier, err := note.NewVerifier(vkey)
	must(err)
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != verifier.Name() {
		must(fmt.Errorf("the origin %q is not the name of the key", lines[0]))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	return size, hash(lines[2])
}

func main() {
	arguments := os.Args[1:]
	if arguments[0] == "sign" {
		signer, err := note.NewSigner(arguments[1])
		must(err)
		signed, err := note.Sign(&note.Note{Text: read(arguments[2])}, signer)
		must(err)
		os.Stdout.Write(signed)
		return
	}
	vkey, what, text := arguments[1], arguments[2], read(arguments[3])
	head, under, _ := strings.Cut(text, "\n\n")
	size, root := checkpoint(under, vkey)
	lines := strings.Split(head, "\n")
	if what == "proof" {
		if lines[0] != "c2sp.org/tlog-proof@v1" {
			must(fmt.Errorf("the first line is %q", lines[0]))
		}
		leaf, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
		must(err)
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
		must(err)
		var proof tlog.RecordProof
		for _, line := range lines[3:] {
			proof = append(proof, hash(line))
		}
		must(tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(leaf)))
		fmt.Printf("%s\n", leaf)
		return
	}
	old, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "old "), 10, 64)
	must(err)
	oldSize, oldRoot := checkpoint(read(arguments[4]), vkey)
	if old != oldSize {
		must(fmt.Errorf("the proof begins at %d, the checkpoint has %d", old, oldSize))
	}
	var proof tlog.TreeProof
	for _, line := range lines[1:] {
		proof = append(proof, hash(line))
	}
	must(tlog.CheckTree(proof, size, root, old, oldRoot))
	fmt.Println(old, size)
}
