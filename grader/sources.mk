# The grader's parts. libjudge.a is linked into every lab's tests.
# Includes go only downwards, to the same number or a lower one; the step
# layers holds it. judge.h is the contract of all of the judge and in no layer.
JUDGE_LAYER0 = main box_filter finding kill sink excerpt failure deadline pipe_buffer
JUDGE_LAYER1 = box machine random paths process_table socket_table
JUDGE_LAYER2 = report program
JUDGE_LAYER3 = activity own_address wait launch faults sanitizer valgrind_log
JUDGE_LAYER4 = patience valgrind program_output program_input program_figures
JUDGE_LAYER5 = loopback program_start program_end program_ask peer
JUDGE_LAYER6 = program_pause wire exchange between across judge
JUDGE_LAYER7 = echo echo_turn pollers vector
JUDGE_MODULES = $(JUDGE_LAYER0) $(JUDGE_LAYER1) $(JUDGE_LAYER2) \
	$(JUDGE_LAYER3) $(JUDGE_LAYER4) $(JUDGE_LAYER5) $(JUDGE_LAYER6) \
	$(JUDGE_LAYER7)
JUDGE_LIB = $(O)/grader/judge/libjudge.a
JUDGE_LDLIBS = -lcriterion -ljansson -lmd
$(JUDGE_LIB): $(O)/grader/outcome.o $(JUDGE_MODULES:%=$(O)/grader/judge/%.o)
CHAOS_MODULES = chaos settings stream calls alloc
GRADE_LAYER0 = mem cgroup idle machine needs pid_namespace processes progress
GRADE_LAYER1 = descendants draw keeper lab style
GRADE_LAYER2 = code grading quota variant keeper_process promise result stop \
	experiments/experiment mutant/mutant \
	mutate/tokens mutate/rules mutate/edits mutate/tally
GRADE_LAYER3 = command contract named_promises told turns grading_keys jobs \
	json experiments/experiment_table
GRADE_LAYER4 = cell promises board files format/format format/public \
	print_json print_plain print_trace state
GRADE_LAYER5 = attempt build format/classroom50 format/csv format/gradescope \
	format/json format/junit format/prairielearn format/tap
GRADE_LAYER6 = blame look print_text print_failure run mutant/copy
GRADE_LAYER7 = cli names mutant/matrix mutate/sample mutate/report
GRADE_LAYER8 = cmd_check cmd_list cmd_run cmd_show watch main \
	experiments/cmd_experiments mutant/cmd_mutants \
	mutate/cmd_mutate
GRADE_HEADERS0 = options
GRADE_HEADERS3 = print
GRADE_HEADERS7 = mutate/mutate
GRADE_MODULES = $(GRADE_LAYER0) $(GRADE_LAYER1) $(GRADE_LAYER2) \
	$(GRADE_LAYER3) $(GRADE_LAYER4) $(GRADE_LAYER5) $(GRADE_LAYER6) \
	$(GRADE_LAYER7) $(GRADE_LAYER8)
