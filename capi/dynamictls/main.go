package main

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: dynamictls object.o")
		os.Exit(2)
	}
	if err := rewrite(os.Args[1]); err != nil {
		fmt.Fprintf(os.Stderr, "dynamictls: %s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}

const variable = "runtime.tlsg"

// thunks has the thunk's name for the two bytes of "mov variable@gottpoff(%rip), register" that depend on the register.
var thunks = map[[2]byte]string{
	{0x48, 0x05}: "golws_tls_offset_rax",
	{0x48, 0x0d}: "golws_tls_offset_rcx",
	{0x48, 0x1d}: "golws_tls_offset_rbx",
	{0x4c, 0x25}: "golws_tls_offset_r12",
	{0x4c, 0x35}: "golws_tls_offset_r14",
}

// relaSize is that of an Elf64_Rela: offset, info, addend.
const relaSize = 24

func rewrite(name string) error {
	content, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	object, err := elf.Open(name)
	if err != nil {
		return err
	}
	defer object.Close()
	if object.Machine != elf.EM_X86_64 || object.Class != elf.ELFCLASS64 || object.Type != elf.ET_REL {
		return fmt.Errorf("not a relocatable object for amd64")
	}
	symbols, err := object.Symbols()
	if err != nil {
		return err
	}
	// Symbols leaves out the first, empty one.
	index := map[string]int{}
	for i, s := range symbols {
		index[s.Name] = i + 1
	}
	for _, thunk := range thunks {
		if index[thunk] == 0 {
			return fmt.Errorf("%s is missing", thunk)
		}
	}

	changed := 0
	for _, relocations := range object.Sections {
		if relocations.Type != elf.SHT_RELA {
			continue
		}
		code := object.Sections[relocations.Info]
		for at := relocations.Offset; at < relocations.Offset+relocations.FileSize; at += relaSize {
			entry := content[at : at+relaSize]
			info := binary.LittleEndian.Uint64(entry[8:])
			kind := elf.R_X86_64(info & 0xffffffff)
			symbol := int(info >> 32)
			if symbol == 0 || symbols[symbol-1].Name != variable || kind == elf.R_X86_64_GOTPC32_TLSDESC ||
				kind == elf.R_X86_64_TLSDESC_CALL {
				continue
			}
			offset := binary.LittleEndian.Uint64(entry)
			if kind != elf.R_X86_64_GOTTPOFF || offset < 3 {
				return fmt.Errorf("%s+%#x: unexpected %v", code.Name, offset, kind)
			}
			instruction := content[code.Offset+offset-3 : code.Offset+offset]
			thunk, ok := thunks[[2]byte{instruction[0], instruction[2]}]
			if !ok || instruction[1] != 0x8b {
				return fmt.Errorf("%s+%#x: unexpected instruction % x", code.Name, offset, instruction)
			}
			copy(instruction, []byte{0x66, 0x90, 0xe8}) // two bytes that do nothing, call
			binary.LittleEndian.PutUint64(entry[8:], uint64(index[thunk])<<32|uint64(elf.R_X86_64_PLT32))
			changed++
		}
	}
	if changed == 0 {
		return fmt.Errorf("no use of %s found", variable)
	}
	return os.WriteFile(name, content, 0o666)
}
