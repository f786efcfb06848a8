# For official.sh, behind a lab's Makefile: what it builds, below the lab's
# folder in build/.
print-built:
	@echo $(PROGRAMS) $(DRIVERS:%=drivers/%)
.PHONY: print-built
