/*
 * golws_tls_offset_<register>: puts the distance of Go's thread-local variable from the thread pointer into the
 * register, and changes no other one nor the flags. Go's code calls these in place of reading the distance from the
 * global offset table; see ../main.go.
 *
 * They run on goroutine stacks, which are small: 48 bytes with what the C library's resolver takes.
 */
	.macro offset_in register
	.globl	golws_tls_offset_\register
	.hidden	golws_tls_offset_\register
	.type	golws_tls_offset_\register, @function
golws_tls_offset_\register:
	.cfi_startproc
	pushfq
	.cfi_adjust_cfa_offset 8
	.ifnc	\register, rax
	pushq	%rax
	.cfi_adjust_cfa_offset 8
	.endif
	leaq	runtime.tlsg@tlsdesc(%rip), %rax
	call	*runtime.tlsg@tlscall(%rax)
	.ifnc	\register, rax
	movq	%rax, %\register
	popq	%rax
	.cfi_adjust_cfa_offset -8
	.endif
	popfq
	.cfi_adjust_cfa_offset -8
	ret
	.cfi_endproc
	.size	golws_tls_offset_\register, . - golws_tls_offset_\register
	.endm

	.hidden	runtime.tlsg
	.text
	offset_in rax
	offset_in rbx
	offset_in rcx
	offset_in r12
	offset_in r14

	.section .note.GNU-stack, "", @progbits
