# Thin: everything real is in CMake presets. PRESET=asan make test runs the tests under sanitizers.
PRESET ?= release
ARGS ?=
CMAKE_ARGS ?=

.PHONY: help deps build demo demo-lstm demo-handwriting test bench docs check clean

help:
	@echo "make demo    install what is missing, build, train the hyper-CNN and its plain twin on real images"
	@echo "make demo-lstm  train a character model whose weights change at every step, on the King James Bible"
	@echo "make demo-handwriting  train a model of handwriting whose weights change at every pen point"
	@echo "make test    install what is missing, build, run every test"
	@echo "make bench   measure the backends against each other"
	@echo "make build   build only            make deps   install packages only"
	@echo "make docs    reference pages from the headers, build/docs/html/index.html"
	@echo "make check   layers, names, format make clean  remove build/"
	@echo "PRESET=release|debug|asan|tsan (now: $(PRESET)); ARGS='--epochs 8' are passed to the demo"

deps:
	@sh cmake/deps.sh

build: deps
	cmake --preset $(PRESET) $(CMAKE_ARGS)
	cmake --build --preset $(PRESET)

# Only what the demo needs: the tests are half of a build.
demo: deps
	cmake --preset $(PRESET) $(CMAKE_ARGS)
	cmake --build --preset $(PRESET) --target hyper-cnn
	build/$(PRESET)/hyper/demos/hyper-cnn $(ARGS)

# Language models of characters; the text is the King James Bible as the packaged program prints it.
demo-lstm:
	@sh cmake/deps.sh bible-kjv
	cmake --preset $(PRESET) $(CMAKE_ARGS)
	cmake --build --preset $(PRESET) --target hyper-lstm
	build/$(PRESET)/hyper/demos/hyper-lstm $(ARGS)

# Handwriting; the lines are drawn with the packaged pen fonts.
demo-handwriting:
	@sh cmake/deps.sh hershey-fonts-data
	cmake --preset $(PRESET) $(CMAKE_ARGS)
	cmake --build --preset $(PRESET) --target hyper-handwriting
	build/$(PRESET)/hyper/demos/hyper-handwriting $(ARGS)

test: build
	ctest --preset $(PRESET)

# These two variables pin OpenBLAS to an older processor; measurements take what it would choose itself.
bench: deps
	cmake --preset bench
	cmake --build --preset bench
	env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE build/bench/bench/weft-bench $(ARGS)

docs:
	@sh cmake/deps.sh doxygen
	mkdir -p build/docs
	sh cmake/supported_dtypes.sh $(PRESET) > build/docs/supported_dtypes.md
	doxygen cmake/Doxyfile
	@echo build/docs/html/index.html

check:
	python3 tests/layers.py
	python3 tests/names.py
	sh tests/format.sh

clean:
	rm -rf build
