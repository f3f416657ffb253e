# weft_library(name SOURCES folder... PUBLIC lib... PRIVATE lib... PRECOMPILE header... | PRECOMPILED_BY layer): one
# layer, as target weft_name and weft::name.
# Every .cpp below its folders belongs to it, except what stands in a folder of programs (demos/, fetch/, convert/, program/).
function(weft_compile_options target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  # No silent a*b+c contraction: the same bits on every machine; fma is called on purpose.
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wno-missing-field-initializers -ffp-contract=off)
  if(WEFT_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(WEFT_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${WEFT_SANITIZE} -fno-sanitize-recover=all
                                             -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${WEFT_SANITIZE})
  endif()
endfunction()

function(weft_library name)
  cmake_parse_arguments(ARG "" "PRECOMPILED_BY" "SOURCES;PUBLIC;PRIVATE;PRECOMPILE" ${ARGN})
  set(sources)
  foreach(folder ${ARG_SOURCES})
    file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${folder}/*.cpp)
    list(FILTER found EXCLUDE REGEX "/(demos|fetch|convert|program)/")
    list(APPEND sources ${found})
  endforeach()
  add_library(weft_${name} ${sources})
  add_library(weft::${name} ALIAS weft_${name})
  weft_compile_options(weft_${name})
  target_include_directories(weft_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                 $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/weft>)
  target_link_libraries(weft_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  set_target_properties(weft_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  # Kernels of the fast backend are compiled one by one, even where the preset joins sources (CMAKE_UNITY_BUILD): they are
  # the long ones, and stand under options of their own.
  set(kernels ${sources})
  list(FILTER kernels INCLUDE REGEX "^backends/cpu/")
  set_source_files_properties(${kernels} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  # What nearly every source of a layer includes is compiled once: parsing it was half of a build.
  if(ARG_PRECOMPILE)
    target_precompile_headers(weft_${name} PRIVATE ${ARG_PRECOMPILE})
  elseif(ARG_PRECOMPILED_BY)
    target_precompile_headers(weft_${name} REUSE_FROM weft_${ARG_PRECOMPILED_BY})
  endif()
  set_property(GLOBAL APPEND PROPERTY WEFT_LAYERS ${name})
endfunction()
