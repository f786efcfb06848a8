# For official.sh, behind a lab's Makefile: what it builds, below the lab's
# folder in build/, and what the preprocessor is told.
print-built:
	@echo $(PROGRAMS) $(DRIVERS:%=drivers/%)
print-flags:
	@echo $(CPPFLAGS)
.PHONY: print-built print-flags
