def findings():
    return []
