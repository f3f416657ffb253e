# How far a release build optimises: programs wait for kernels, and programmers for the compiler.
set(weft_optimisation -O1)

function(weft_compile_options target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_compile_options(${target} PRIVATE "$<$<CONFIG:Release>:${weft_optimisation}>")
  # GCC would go through a precompiled header of 100 MB at every garbage collection, a sixth of a source's time. With this
  # it collects later, and the largest source takes 0.74 GB.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=1000000>)
  # No silent a*b+c contraction: the same bits on every machine; fma is called on purpose.
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wno-missing-field-initializers -ffp-contract=off)
  # A source that is joined with others looks like a header.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  if(WEFT_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(WEFT_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${WEFT_SANITIZE} -fno-sanitize-recover=all
                                             -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${WEFT_SANITIZE})
  endif()
endfunction()

# The .cpp files, and those below folders, except what stands in a folder of programs (demos/, fetch/, convert/, program/).
function(weft_sources result)
  set(sources)
  foreach(folder ${ARGN})
    if(folder MATCHES "\\.cpp$")
      list(APPEND sources ${folder})
      continue()
    endif()
    file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${folder}/*.cpp)
    list(FILTER found EXCLUDE REGEX "/(demos|fetch|convert|program)/")
    list(APPEND sources ${found})
  endforeach()
  set(${result} ${sources} PARENT_SCOPE)
endfunction()

# weft_kernels(folder... PRIVATE lib... PRECOMPILE header...): the sources that are worth the longest compile, as objects
# for the library of tensors.
function(weft_kernels)
  cmake_parse_arguments(ARG "" "" "PRIVATE;PRECOMPILE" ${ARGN})
  weft_sources(sources ${ARG_UNPARSED_ARGUMENTS})
  add_library(weft_kernels OBJECT ${sources})
  set(weft_optimisation -O3)
  weft_compile_options(weft_kernels)
  # Nobody reads errno: sqrt is one vector instruction.
  target_compile_options(weft_kernels PRIVATE -fno-math-errno)
  target_include_directories(weft_kernels PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(weft_kernels PRIVATE ${ARG_PRIVATE})
  target_precompile_headers(weft_kernels PRIVATE ${ARG_PRECOMPILE})
  set_target_properties(weft_kernels PROPERTIES POSITION_INDEPENDENT_CODE ON UNITY_BUILD_BATCH_SIZE 4)
endfunction()

# weft_library(name SOURCES folder... OBJECTS target... PUBLIC lib... PRIVATE lib... PRECOMPILE header... | PRECOMPILED_BY
# layer): one layer, as target weft_name and weft::name. Sources that an object library has compiled come from there.
function(weft_library name)
  cmake_parse_arguments(ARG "" "PRECOMPILED_BY" "SOURCES;OBJECTS;PUBLIC;PRIVATE;PRECOMPILE" ${ARGN})
  weft_sources(sources ${ARG_SOURCES})
  foreach(objects ${ARG_OBJECTS})
    get_target_property(compiled ${objects} SOURCES)
    list(REMOVE_ITEM sources ${compiled})
    list(APPEND sources $<TARGET_OBJECTS:${objects}>)
  endforeach()
  add_library(weft_${name} ${sources})
  add_library(weft::${name} ALIAS weft_${name})
  weft_compile_options(weft_${name})
  target_include_directories(weft_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                 $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/weft>)
  target_link_libraries(weft_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  set_target_properties(weft_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  # What nearly every source of a layer includes is compiled once: parsing it was half of a build.
  if(ARG_PRECOMPILE)
    target_precompile_headers(weft_${name} PRIVATE ${ARG_PRECOMPILE})
  elseif(ARG_PRECOMPILED_BY)
    target_precompile_headers(weft_${name} REUSE_FROM weft_${ARG_PRECOMPILED_BY})
  endif()
  set_property(GLOBAL APPEND PROPERTY WEFT_LAYERS ${name})
endfunction()
